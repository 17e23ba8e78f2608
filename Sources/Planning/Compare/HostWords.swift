internal import Model

/// Words for settings of the host.
enum HostWords {
    static func changes(from old: HostSettings?, to new: HostSettings?) -> [FieldChange] {
        let (old, new) = (old ?? HostSettings(), new ?? HostSettings())
        return change("host name", old.hostname, new.hostname) + change("time zone", old.timezone, new.timezone)
            + Set(old.hosts.keys).union(new.hosts.keys).sorted().flatMap { address in
                change("host entry \(address)", names(old.hosts[address]), names(new.hosts[address]))
            }
            + change("name servers", old.dns?.servers.joined(separator: " "), new.dns?.servers.joined(separator: " "))
            + change("search domains", search(old), search(new))
            + Set(old.sysctl.keys).union(new.sysctl.keys).sorted().flatMap { name in
                change("kernel parameter \(name)", old.sysctl[name], new.sysctl[name])
            }
            + change(
                "limit of systemd's journal", old.logs?.maximum.description, new.logs?.maximum.description)
    }

    private static func change(_ what: String, _ old: String?, _ new: String?) -> [FieldChange] {
        switch (old, new) {
        case (let before?, let after?): before == after ? [] : [.changed(what, before.shown, after.shown)]
        case (nil, let after?): [.added(what, after.shown)]
        case (let before?, nil): [.removed(what, before.shown)]
        case (nil, nil): []
        }
    }

    private static func names(_ names: [String]?) -> String? { names?.joined(separator: " ") }

    private static func search(_ settings: HostSettings) -> String? {
        settings.dns.flatMap { $0.search.isEmpty ? nil : $0.search.joined(separator: " ") }
    }
}
