"""huanxin (换新): the event-driven data platform for a county's programme of equipment renewal and trade-in."""
