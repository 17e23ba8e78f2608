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
