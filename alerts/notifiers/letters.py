"""Messages as e-mails: HTML and plain text side by side, in bytes as SMTP takes them."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from html import escape
from typing import Final

from alerts.messages import Message, text
from timeline.words import clean, counted

_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_PAGE: Final = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width"/>
<title>{title}</title></head>
<body style="margin:0;padding:16px;font-family:sans-serif;font-size:15px;line-height:1.45;color:#1a1a1a">
<div style="max-width:640px">
<h1 style="font-size:18px;line-height:1.3;margin:0 0 12px">{title}</h1>
{body}
</div></body></html>
"""


def address(written: str) -> str | None:
    """The bare address in `alerts@example.org` or `aiwire <alerts@example.org>`; None where it is neither."""
    if not written.isprintable():
        return None
    _, bare = parseaddr(written)
    plain = written.strip() == bare or re.fullmatch(r'[^<>@",;:]*<' + re.escape(bare) + ">", written.strip())
    return bare if plain and _ADDRESS.fullmatch(bare) else None


def domain(sender: str) -> str:
    """The domain of an address: ids of messages and of the list are made with it."""
    return (address(sender) or "").rpartition("@")[2].lower() or "aiwire.invalid"


def letter(message: Message, *, sender: str, recipients: Sequence[str], now: datetime) -> bytes:
    """The whole e-mail. Its headers hold nothing of a page but the subject, which is one line.

    The same message has the same Message-ID at every attempt; one that puts another right is a reply to it.
    """
    host = domain(sender)
    made = EmailMessage(policy=SMTP_POLICY.clone(cte_type="7bit"))  # no server need know more
    made["From"] = _header(sender)
    made["To"] = ", ".join(str(_header(one)) for one in recipients)
    made["Subject"] = subject(message)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{_id(message.key)}@{host}>"
    if message.about:
        made["In-Reply-To"] = made["References"] = f"<{_id(message.about)}@{host}>"
    made["List-Id"] = f"aiwire alerts <alerts.aiwire.{host}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Aiwire-Kind"] = message.kind
    made.set_content(_visible(text(message)))
    made.add_alternative(html(message), subtype="html")
    made.set_boundary(f"=_{_id(message.key)}")
    return made.as_bytes()


def subject(message: Message) -> str:
    """One line."""
    return clean(message.title, 250)


def html(message: Message) -> str:
    """The message as a small page: well-formed, all text escaped, no image, no script, addresses only in our links."""
    lead = [_paragraph(message.lead)] if message.lead else []
    more = [f"and {counted(message.omitted, 'more change')}"] if message.omitted else []
    lines = [*message.lines, *more]
    items = ["<ul>" + "".join(f"<li>{_text(line)}</li>" for line in lines) + "</ul>"] if lines else []
    said = [*message.effects, *message.alternatives, *message.also, message.effective, *message.notes]
    rest = [_paragraph(part) for part in said if part]
    seen = [f'<p style="color:#595959;font-size:13px">{_text(message.seen)}</p>'] if message.seen else []
    links = " · ".join(f'<a href="{_text(link.url)}">{_text(link.label)}</a>' for link in message.links)
    end = [f"<p>{links}</p>"] if links else []
    return _PAGE.format(title=_text(message.title), body="\n".join([*lead, *items, *rest, *seen, *end]))


def _header(written: str) -> Address:
    name, bare = parseaddr(written)
    return Address(display_name=clean(name, 100), addr_spec=bare)


def _id(key: str) -> str:
    return "aiwire." + re.sub(r"[^A-Za-z0-9]", "", key)


def _paragraph(said: str) -> str:
    return f"<p>{_text(said)}</p>"


def _text(said: str) -> str:
    return escape(_visible(said), quote=True)


def _visible(said: str) -> str:
    return "".join(c for c in said if c.isprintable() or c == "\n")
