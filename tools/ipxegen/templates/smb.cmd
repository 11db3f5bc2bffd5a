@echo off
{{! smb.cmd: the share of the images and its account; given once for each attempt. }}
set "SHARE={{smb-share}}"
set "SMB_USER={{smb-user}}"
set "SMB_PASSWORD={{smb-password}}"
