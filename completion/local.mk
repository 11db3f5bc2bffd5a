# bash-completion looks for a file of the command's name; all of them are one.
completiondir = $(datadir)/bash-completion/completions
dist_completion_DATA = completion/pxekit
dist_check_SCRIPTS += tests/integration/completion.sh
completed = bootweb imgctl ipxegen jobctl pxeprobe pxeproxy tftpd-lite wimprep
