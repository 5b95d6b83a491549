"""What two versions of rules decide differently."""
