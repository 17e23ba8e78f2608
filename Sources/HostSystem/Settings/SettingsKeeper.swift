internal import Files
internal import Model

/// Changes settings of the host so that they can be taken back.
struct SettingsKeeper {
    let memory: SettingsMemory
    /// Names that have to go on resolving, such as that of the git server.
    let essentialNames: [String]

    var reader: SettingsReader { SettingsReader(pendingWrite: memory.pendingWrite) }

    /// What differs from `settings`; changes nothing.
    func change(to settings: HostSettings?) throws(HostError) -> SettingsChange {
        try SettingsChange(
            wanted: try WantedSettings(settings: settings ?? HostSettings(), reader: reader).values(),
            originals: try memory.originals(), current: reader.value)
    }

    /// Returns what changed, in words.
    func apply(_ settings: HostSettings?, for deployment: Int64) async throws(HostError) -> [String] {
        let change = try await BlockingWork.run("look at the settings of the host") { () throws(HostError) in
            try prepare(settings, for: deployment)
        }
        do throws(HostError) {
            let names = await NameCheck.resolving(change.changesNames ? essentialNames : [])
            try await establish(change.writes)
            try await names.check()
            try await BlockingWork.run("remember the settings of the host") { () throws(HostError) in
                try memory.keep(change.remaining)
            }
        } catch {
            throw await afterRestoring(error)
        }
        return change.words
    }

    /// What has to be written, with all on stable storage that it takes to bring back what is there.
    func prepare(_ settings: HostSettings?, for deployment: Int64) throws(HostError) -> SettingsChange {
        try memory.pendingWrite.finish()
        let change = try change(to: settings)
        let known = try memory.originals()
        // What a cut-off deployment saved is this one's from now on.
        let earlier = try memory.saved()
        if !change.writes.isEmpty || change.originals != known || earlier != nil {
            try memory.save(.init(values: change.before, originals: known, deployment: deployment))
        }
        try memory.keep(change.originals)
        return change
    }

    /// Brings back what was saved, as far as it goes; throws the first failure, and what was saved is then kept.
    func restore() async throws(HostError) {
        let saved = try await BlockingWork.run("read what was saved") { () throws(HostError) in
            try memory.pendingWrite.finish()
            return try memory.saved()
        }
        guard let saved else { return }
        // A crash may have cut off the restart that follows the write.
        try await establish(saved.values, restarting: ReadingService.all.filter { saved.values[$0.file] != nil })
        try await BlockingWork.run("forget what was saved") { () throws(HostError) in
            try memory.keep(saved.originals)
            try memory.forgetSaved()
        }
    }

    private func afterRestoring(_ error: HostError) async -> HostError {
        do {
            try await restore()
            return error
        } catch let second {
            return HostError(
                "\(error.message); and the settings of before could not all be brought back: \(second.message)",
                hint: error.hint, disposition: error.disposition)
        }
    }

    /// Writes what differs; one failure does not keep the others from being written.
    private func establish(
        _ values: [HostItem: HostValue], restarting services: [ReadingService] = []
    ) async throws(HostError) {
        let differing = try await BlockingWork.run("look at the settings of the host") { () throws(HostError) in
            var differing: [HostItem: HostValue] = [:]
            for (item, value) in values where try reader.value(of: item) != value { differing[item] = value }
            return differing
        }
        let systemd = SystemdTools()
        await systemd.announce(differing)
        try await BlockingWork.run("change the settings of the host") { () throws(HostError) in
            var failure: HostError?
            for item in differing.keys.inWritingOrder {
                do throws(HostError) { try write(differing[item], to: item) } catch { failure = failure ?? error }
            }
            if let failure { throw failure }
        }
        for service in ReadingService.all where services.contains(service) || differing[service.file] != nil {
            try await systemd.restart(service)
        }
    }

    private func write(_ value: HostValue?, to item: HostItem) throws(HostError) {
        // systemd's tools may have written it already.
        guard let value, try reader.value(of: item) != value else { return }
        try reader.write(value, to: item)
    }
}

extension SettingsChange {
    /// Whether names may resolve to something else afterwards.
    fileprivate var changesNames: Bool {
        writes.keys.contains { item in
            if case .block = item { return true }
            return item == .resolvedDropIn
        }
    }
}
