internal import Files

/// What has to be remembered of the host, so that settings can be taken back.
struct SettingsMemory {
    /// In the state directory.
    let directory: String

    /// What was there before Fairlead ever changed it, by what it changed.
    typealias Originals = [HostItem: HostValue]

    /// What was there before the deployment that runs, or that was cut off.
    struct Saved: Codable, Hashable {
        var values: [HostItem: HostValue]
        var originals: Originals
        /// The one that has to be without success for it to be brought back; `nil` when a version before this saved it.
        var deployment: Int64?
    }

    private var originalsFile: String { "\(directory)/originals.json" }
    private var savedFile: String { "\(directory)/before-deployment.json" }
    var pendingWrite: PendingWrite { PendingWrite(path: "\(directory)/pending-write.json") }

    func originals() throws(HostError) -> Originals {
        try SettingsFile.read(Originals.self, from: originalsFile) ?? [:]
    }

    func keep(_ originals: Originals) throws(HostError) {
        guard try originals != self.originals() else { return }
        if originals.isEmpty { return try SettingsFile.remove(originalsFile) }
        try SettingsFile.write(originals, to: originalsFile)
    }

    func saved() throws(HostError) -> Saved? { try SettingsFile.read(Saved.self, from: savedFile) }

    /// Adds to what is saved already; what an earlier, cut-off deployment saved is older and stays.
    func save(_ new: Saved) throws(HostError) {
        var saved = try self.saved() ?? new
        saved.values.merge(new.values) { older, _ in older }
        saved.deployment = new.deployment
        guard try saved != self.saved() else { return }
        try SettingsFile.write(saved, to: savedFile)
    }

    func forgetSaved() throws(HostError) { try SettingsFile.remove(savedFile) }
}
