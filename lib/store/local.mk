lib_libpxekit_a_SOURCES += lib/store/store.c lib/store/store.h
lib_libpxekit_a_SOURCES += lib/store/apply.c
lib_libpxekit_a_SOURCES += lib/store/db.c lib/store/db.h
lib_libpxekit_a_SOURCES += lib/store/events.c
lib_libpxekit_a_SOURCES += lib/store/facts.c
lib_libpxekit_a_SOURCES += lib/store/jobs.c
lib_libpxekit_a_SOURCES += lib/store/machines.c lib/store/rows.h
lib_libpxekit_a_SOURCES += lib/store/schema.c lib/store/schema.h
