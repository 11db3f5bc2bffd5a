lib_libpxekit_a_SOURCES += lib/media/catalogue.c lib/media/catalogue.h
lib_libpxekit_a_SOURCES += lib/media/catalogue_index.c lib/media/catalogue_list.c
lib_libpxekit_a_SOURCES += lib/media/catalogue_record.c
lib_libpxekit_a_SOURCES += lib/media/shelf.c lib/media/shelf.h
lib_libpxekit_a_SOURCES += lib/media/catalogue_change.c lib/media/catalogue_change.h
if HAVE_MEDIA
lib_libpxekit_a_SOURCES += lib/media/catalogue_verify.c lib/media/catalogue_verify.h
lib_libpxekit_a_SOURCES += lib/media/digest.c lib/media/digest.h
lib_libpxekit_a_SOURCES += lib/media/pour.c lib/media/pour.h lib/media/pour_parts.h
lib_libpxekit_a_SOURCES += lib/media/pour_tarball.c
lib_libpxekit_a_SOURCES += lib/media/publish.c lib/media/publish.h
lib_libpxekit_a_SOURCES += lib/media/recipe.c lib/media/recipe.h lib/media/recipe_parts.h
lib_libpxekit_a_SOURCES += lib/media/recipe_linux.c lib/media/recipe_windows.c
lib_libpxekit_a_SOURCES += lib/media/source.c lib/media/source.h lib/media/source_disc.h
lib_libpxekit_a_SOURCES += lib/media/source_iso.c lib/media/source_udf.c
lib_libpxekit_a_SOURCES += lib/media/sums.c lib/media/sums.h
lib_libpxekit_a_SOURCES += lib/media/tarball.c lib/media/tarball.h
lib_libpxekit_a_SOURCES += lib/media/wimxml.c lib/media/wimxml.h
lib_libpxekit_a_SOURCES += lib/media/loader.c lib/media/loader.h
if HAVE_HIVEX
lib_libpxekit_a_SOURCES += lib/media/bcd.c lib/media/bcd.h
lib_libpxekit_a_SOURCES += lib/media/bcd_hive.c lib/media/bcd_hive.h
endif
lib_libpxekit_a_SOURCES += lib/media/der.c lib/media/der.h
lib_libpxekit_a_SOURCES += lib/media/pe.c lib/media/pe.h lib/media/pe_inside.h
lib_libpxekit_a_SOURCES += lib/media/pe_import.c lib/media/pe_import.h
lib_libpxekit_a_SOURCES += lib/media/pkcs7.c lib/media/pkcs7.h
lib_libpxekit_a_SOURCES += lib/media/wim.c lib/media/wim.h lib/media/wim_inside.h
lib_libpxekit_a_SOURCES += lib/media/wim_write.c lib/media/wim_time.c lib/media/wim_time.h
lib_libpxekit_a_SOURCES += lib/media/inf.c lib/media/inf.h lib/media/inf_text.c lib/media/inf_text.h
lib_libpxekit_a_SOURCES += lib/media/inf_names.c lib/media/inf_names.h
lib_libpxekit_a_SOURCES += lib/media/window.c lib/media/window.h
lib_libpxekit_a_SOURCES += lib/media/isofiles.c lib/media/isofiles.h
lib_libpxekit_a_SOURCES += lib/media/isofiles_disc.c lib/media/isofiles_disc.h
lib_libpxekit_a_SOURCES += lib/media/isofiles_udf.c
lib_libpxekit_a_SOURCES += lib/media/driver.c lib/media/driver.h lib/media/driver_set.h
lib_libpxekit_a_SOURCES += lib/media/driver_cache.c lib/media/driver_cache.h
lib_libpxekit_a_SOURCES += lib/media/driver_choose.c lib/media/driver_extract.c
lib_libpxekit_a_SOURCES += lib/media/driver_inf.c lib/media/driver_install.c lib/media/driver_install.h
lib_libpxekit_a_SOURCES += lib/media/driver_match.c lib/media/driver_match.h
lib_libpxekit_a_SOURCES += lib/media/driver_record.c lib/media/driver_record.h
lib_libpxekit_a_SOURCES += lib/media/driver_take.c lib/media/driver_target.c
endif
