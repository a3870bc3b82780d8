"""The plugin curl_cffi: importing it registers it."""

from .curl_cffi import CurlCffiServiceManager

__all__ = ["CurlCffiServiceManager"]
