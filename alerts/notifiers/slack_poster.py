"""How a message is posted to an incoming webhook of Slack."""

import logging
from collections.abc import Collection
from datetime import timedelta
from typing import Final
from urllib.request import Request

from slack_sdk.webhook import WebhookClient, WebhookResponse

from alerts import transport
from timeline.secrets import Secret

_SILENT: Final = logging.getLogger("aiwire.slack.silent")
"""What the client library logs: nothing, as it would log the webhook's address."""
_SILENT.disabled = True
_SILENT.setLevel(logging.CRITICAL + 1)


class WebhookPoster(WebhookClient):
    """slack_sdk's webhook client over our guarded transport, which neither follows redirects nor retries."""

    def __init__(self, webhook: Secret, allowed: Collection[str], timeout: timedelta) -> None:
        super().__init__(webhook.reveal(), logger=_SILENT, retry_handlers=[])
        self._allowed = allowed
        self._seconds = timeout.total_seconds()

    def _perform_http_request_internal(self, url: str, req: Request) -> WebhookResponse:
        body = req.data if isinstance(req.data, bytes) else b""
        answer = transport.post(url, body, dict(req.header_items()), allowed=self._allowed, seconds=self._seconds)
        return WebhookResponse(url=url, status_code=answer.status, body=answer.body, headers=dict(answer.headers))
