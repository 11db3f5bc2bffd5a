dist_man_MANS += man/pxekit-db.5
