# Its header takes two names away on this platform that programs set without asking.
# SPDX-License-Identifier: MIT
/^#include "socketmodule.h"/ a\
#define SO_REUSEADDR 2\
#define SO_REUSEPORT 15
