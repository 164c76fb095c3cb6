#!/usr/bin/env bash
# The browser test needs Debian's Chromium and Chinese fonts. Installed where root allows; otherwise said loudly, and its tests skip.
set -euo pipefail

if command -v chromium >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q .; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing Chromium and Chinese fonts for the browser test"
  if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk fontconfig >/dev/null; then
    exit 0
  fi
fi
echo "!!! NO CHROMIUM OR NO CHINESE FONTS: the browser tests will be SKIPPED. As root: apt-get install chromium fonts-noto-cjk !!!" >&2
