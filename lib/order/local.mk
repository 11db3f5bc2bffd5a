lib_libpxekit_a_SOURCES += lib/order/order.c lib/order/order.h
lib_libpxekit_a_SOURCES += lib/order/order_fields.c
lib_libpxekit_a_SOURCES += lib/order/order_settle.c
lib_libpxekit_a_SOURCES += lib/order/order_queue.c
lib_libpxekit_a_SOURCES += lib/order/order_inside.h
lib_libpxekit_a_SOURCES += lib/order/password.c lib/order/password.h
lib_libpxekit_a_SOURCES += lib/order/order_edit.c
lib_libpxekit_a_SOURCES += lib/order/order_like.c
