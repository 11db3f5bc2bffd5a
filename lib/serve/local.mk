lib_libpxekit_a_SOURCES += lib/serve/kept.c lib/serve/kept.h
lib_libpxekit_a_SOURCES += lib/serve/menu.c lib/serve/menu.h lib/serve/serve.c lib/serve/serve.h
