"""LeadLark: rules that decide what an incoming web request becomes in a CRM."""
