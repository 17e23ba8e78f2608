# cleanup.bash: the body of the clean-up job.
job_begin cleanup 3600
take_lock 600
finish 0 "freed 0 bytes"
