from tests.jobs.shell import Shell, Ran
def test_x(shell: Shell, replayed: Ran, sites) -> None:
    site = sites()
    feed = site.put_feed("/feed.xml", site.put_news("harbour", "orchard", "tramway","lighthouse","quarry","kitchen"), etag='"a"')
    from pipeline.storage import embedded
    url = embedded.create(embedded.start(shell.data_dir), "smoke")
    print(shell.run("db", "migrate", DATABASE_URL=url))
    env = {"DATABASE_URL": url, "BROADSHEET_ALLOW_NETS": "127.0.0.0/8", "BROADSHEET_HOST_INTERVAL_SECONDS": "0"}
    print(shell.run("feeds", "add", feed, **env))
    print(shell.run("once", "--json", **env))
    print(shell.run("articles", "list", **env).out)
    print(shell.run("failures", "list", **env).out)
    for a in site.log(): print(a)
    assert 0
