lib_libpxekit_a_SOURCES += lib/media/catalogue.c lib/media/catalogue.h
lib_libpxekit_a_SOURCES += lib/media/catalogue_list.c
lib_libpxekit_a_SOURCES += lib/media/catalogue_change.c lib/media/catalogue_change.h
if HAVE_MEDIA
lib_libpxekit_a_SOURCES += lib/media/catalogue_verify.c lib/media/catalogue_verify.h
lib_libpxekit_a_SOURCES += lib/media/der.c lib/media/der.h
lib_libpxekit_a_SOURCES += lib/media/pe.c lib/media/pe.h
lib_libpxekit_a_SOURCES += lib/media/pkcs7.c lib/media/pkcs7.h
lib_libpxekit_a_SOURCES += lib/media/wim.c lib/media/wim.h lib/media/wim_inside.h
lib_libpxekit_a_SOURCES += lib/media/wim_write.c
lib_libpxekit_a_SOURCES += lib/media/inf.c lib/media/inf.h lib/media/inf_text.c lib/media/inf_text.h
lib_libpxekit_a_SOURCES += lib/media/inf_names.c lib/media/inf_names.h
lib_libpxekit_a_SOURCES += lib/media/isofiles.c lib/media/isofiles.h
lib_libpxekit_a_SOURCES += lib/media/isofiles_disc.c lib/media/isofiles_disc.h
lib_libpxekit_a_SOURCES += lib/media/driver.c lib/media/driver.h lib/media/driver_set.h
lib_libpxekit_a_SOURCES += lib/media/driver_cache.c lib/media/driver_cache.h
lib_libpxekit_a_SOURCES += lib/media/driver_choose.c lib/media/driver_extract.c
lib_libpxekit_a_SOURCES += lib/media/driver_inf.c lib/media/driver_install.c lib/media/driver_install.h
lib_libpxekit_a_SOURCES += lib/media/driver_match.c lib/media/driver_match.h
lib_libpxekit_a_SOURCES += lib/media/driver_record.c lib/media/driver_record.h
lib_libpxekit_a_SOURCES += lib/media/driver_take.c lib/media/driver_target.c
endif
