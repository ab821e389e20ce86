"""The words in which Slack refuses, and what each means for a message and for its receiver.

Source: docs.slack.dev, reference/methods/chat.postMessage and chat.update (errors), and
messaging/sending-messages-using-incoming-webhooks (handling errors). A word that is not here is tried again.
"""

from typing import Final

GONE: Final = frozenset({
    "access_denied", "account_inactive", "app_not_installed", "channel_is_archived", "channel_not_found",
    "channel_type_not_supported", "deprecated_endpoint", "ekm_access_denied", "enterprise_is_restricted",
    "invalid_auth", "invalid_token", "is_archived", "method_deprecated", "missing_scope", "no_active_hooks",
    "no_permission", "no_service", "not_allowed_token_type", "not_authed", "not_in_channel", "org_login_required",
    "posting_to_general_channel_denied", "restricted_action", "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel", "restricted_action_thread_locked", "restricted_action_thread_only_channel",
    "team_access_not_granted", "team_added_to_org", "team_disabled", "team_not_found", "token_expired",
    "token_revoked", "two_factor_setup_required", "user_not_found",
})  # fmt: skip
"""Nothing gets through to this receiver until a person mends it."""
REFUSED: Final = frozenset({
    "as_user_not_supported", "block_mismatch", "blocks_too_long", "cannot_reply_to_message", "invalid_arg_name",
    "invalid_arguments", "invalid_array_arg", "invalid_attachments", "invalid_blocks", "invalid_blocks_format",
    "invalid_charset", "invalid_form_data", "invalid_metadata_format", "invalid_metadata_schema", "invalid_payload",
    "invalid_post_type", "markdown_text_conflict", "metadata_must_be_sent_from_app", "metadata_too_large",
    "missing_post_type", "msg_blocks_too_long", "msg_too_long", "no_text", "too_many_attachments",
    "too_many_contact_cards",
})  # fmt: skip
"""This message will never be taken; the next one may."""
BUSY: Final = frozenset({"rate_limited", "ratelimited", "message_limit_exceeded"})
"""Slack asks for time."""
LOST: Final = frozenset({
    "cant_update_message", "edit_window_closed", "is_inactive", "message_not_found", "thread_not_found",
    "update_failed",
})  # fmt: skip
"""The message that is to be put right is not there, or may not be touched any more."""
