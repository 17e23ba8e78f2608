public import Files
public import Model

extension HostSystem {
    /// Saves what is there, durably, then gives the host `settings`; returns what changed, in words (J8).
    ///
    /// What `settings` does not name is not touched; what it named before and no longer does gets back what it was
    /// before Fairlead. Nothing is written when nothing differs. When one part fails all is restored and it throws.
    public func applyHostSettings(
        _ settings: HostSettings?, for deployment: Int64
    ) async throws(HostError) -> [String] {
        try await settingsKeeper.apply(settings, for: deployment)
    }

    /// Brings back what was there before the deployment that runs, or that was cut off; nothing when nothing is saved.
    public func restoreHostSettings() async throws(HostError) { try await settingsKeeper.restore() }

    /// Forgets what was there before that deployment.
    public func keepHostSettings(of deployment: Int64) async throws(HostError) {
        let memory = settingsKeeper.memory
        try await BlockingWork.run("forget what was saved") { () throws(HostError) in
            guard try memory.saved()?.deployment == deployment else { return }
            try memory.forgetSaved()
        }
    }

    /// What of the host is not as `settings` asks, in words; changes nothing.
    public func differences(from settings: HostSettings?) async throws(HostError) -> [String] {
        let keeper = settingsKeeper
        return try await BlockingWork.run("look at the settings of the host") { () throws(HostError) in
            try keeper.change(to: settings).words
        }
    }

    private var settingsKeeper: SettingsKeeper {
        SettingsKeeper(
            memory: SettingsMemory(directory: "\(configuration.stateDirectory)/host-settings"),
            essentialNames: configuration.essentialNames)
    }
}
