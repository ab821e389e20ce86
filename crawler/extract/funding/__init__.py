"""Funding events out of news items: who raised, bought, listed, borrowed or closed a fund, by grammar and "
"rules. Pure."""
