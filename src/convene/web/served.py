"""What each worker of `convene serve` loads: the site, which ends when the server does."""

from convene.foundation.processes import end_with_server
from convene.web.wsgi import application

__all__ = ["application"]

end_with_server()
