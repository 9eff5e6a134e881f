"""Every change to registrations.  One function per verb; none commits.

`drafts` and `intake` write only the partner's own row and never look at another company's;
`judging` looks at everything, later; `decisions` and `outcomes` are people's acts.
"""
