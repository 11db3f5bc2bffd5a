@echo off
{{! agent.cmd: what SetupComplete.cmd needs for the agent; given once for each attempt. }}
set "FROM={{agent}}"
set "SHA256={{agent-sha256}}"
set "LINE={{agent-arguments}}"
