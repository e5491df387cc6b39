"""A kernel connection that sends at once.

JupyterLab's server leaves the websocket's small messages to the operating system, which holds each
back until the one before is acknowledged: about 40 ms on Linux, more than an edit takes to compile.
Run Lab with `--ServerApp.kernel_websocket_connection_class=golifelab.widgets.server.Prompt`.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class Prompt(ZMQChannelsWebsocketConnection):
    """The server's own connection, with TCP_NODELAY."""

    def connect(self) -> Any:
        """Connect to the kernel."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
