"""What operators see: the audit commands, doctor, metrics, notices."""
