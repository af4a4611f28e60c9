"""What the operator meets: settings, policy file, logs, metrics, doctor, evidence."""
