public import Planning

extension HostSystem {
    public func applyHostSettings(_ settings: HostSettings?) async throws(HostError) -> [String] { [] }
    public func restoreHostSettings() async throws(HostError) {}
    public func keepHostSettings() async throws(HostError) {}
}
