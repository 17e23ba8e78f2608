extension VSNPolicy {
    private enum FormerKeys: String, CodingKey { case allowedRegistries }

    /// Every key may be absent, and then has the value of the profile.
    public init(from decoder: any Decoder) throws {
        let written = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
            value = try written.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        self.init(profile: try written.decodeIfPresent(PolicyProfile.self, forKey: .profile) ?? .strict)
        try read(.images, into: &images)
        let former = try decoder.container(keyedBy: FormerKeys.self)
        images.registries =
            try images.registries ?? former.decodeIfPresent([String].self, forKey: .allowedRegistries)
        try read(.allowedHostPaths, into: &allowedHostPaths)
        try read(.backupDirectories, into: &backupDirectories)
        try read(.allowedSubnets, into: &allowedSubnets)
        try read(.minimumLogRetention, into: &minimumLogRetention)
        try read(.privileged, into: &privileged)
        try read(.allowedCapabilities, into: &allowedCapabilities)
        try read(.allowedHostSettings, into: &allowedHostSettings)
        try read(.allowedSysctls, into: &allowedSysctls)
        try read(.maximumShrink, into: &maximumShrink)
        try read(.ownDirectories, into: &ownDirectories)
        builds = try written.decodeIfPresent(BuildPolicy.self, forKey: .builds)
        allowedStorages = try written.decodeIfPresent([String].self, forKey: .allowedStorages)
        allowedPorts = try written.decodeIfPresent([String].self, forKey: .allowedPorts)
        allowedMailServers = try written.decodeIfPresent([String].self, forKey: .allowedMailServers)
        allowedMounts = try written.decodeIfPresent([String].self, forKey: .allowedMounts)
    }
}
