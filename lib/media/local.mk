lib_libpxekit_a_SOURCES += lib/media/catalogue.c lib/media/catalogue.h
if HAVE_MEDIA
lib_libpxekit_a_SOURCES += lib/media/der.c lib/media/der.h
lib_libpxekit_a_SOURCES += lib/media/pe.c lib/media/pe.h
lib_libpxekit_a_SOURCES += lib/media/pkcs7.c lib/media/pkcs7.h
lib_libpxekit_a_SOURCES += lib/media/wim.c lib/media/wim.h lib/media/wim_inside.h
lib_libpxekit_a_SOURCES += lib/media/wim_write.c
endif
