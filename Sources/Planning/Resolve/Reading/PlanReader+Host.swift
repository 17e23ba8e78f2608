internal import Model

extension PlanReader {
    /// Of one key or of a list.
    var hostKeys: [String]? {
        guard let cursor = root[HostKeyPin.key] else { return nil }
        guard cursor.value.array == nil else { return keys(cursor, where: PublicKey.canSign) }
        guard let text = cursor.text else { return nil }
        if !PublicKey.canSign(text) {
            cursor.error(
                "'\(text.shortened)' is not a public SSH key, or not a whole one",
                hint: "write what 'fairlead host-key' prints")
        }
        return [text]
    }

    /// Of the section `host` and of `logs`; `nil` when the plan has neither.
    var hostSettings: HostSettings? {
        let logs = root["logs"]?["maximum"]?.written().map(LogSettings.init)
        guard let host = root["host"] else { return logs.map { HostSettings(logs: $0) } }
        var settings = hostSettings(host)
        settings.logs = logs
        return settings
    }

    private func hostSettings(_ cursor: PlanCursor) -> HostSettings {
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
