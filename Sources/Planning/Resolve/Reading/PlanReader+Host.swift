extension PlanReader {
    func hostSettings(_ cursor: PlanCursor) -> HostSettings {
        var settings = HostSettings()
        settings.hostname = cursor["hostname"]?.text
        settings.timezone = cursor["timezone"]?.text
        for (address, names) in cursor["hosts"]?.members ?? [] { settings.hosts[address] = names.texts }
        settings.dns = cursor["dns"].map { dns in
            DNSSettings(servers: dns["servers"]?.texts ?? [], search: dns["search"]?.texts ?? [])
        }
        for (name, value) in cursor["sysctl"]?.members ?? [] { settings.sysctl[name] = value.text }
        return settings
    }
}
