public import Files
internal import Glibc
public import HostSystem
public import Model
internal import Processes

/// The mount units of this host that are Fairlead's. They are known by their names and their first line, so that nothing has
/// to be remembered that a crash could lose.
struct MountUnits: Sendable {
    let configuration: HostConfiguration

    private var directory: String { configuration.unitDirectory }

    /// Returns whether it was not there like this.
    func write(_ unit: MountUnit) throws(HostError) -> Bool {
        let path = "\(directory)/\(unit.name)"
        let bytes = Array(unit.text.utf8)
        if try FileStatus.at(path).kind == .file, try Descriptor(path, O_RDONLY).read(limit: 1 << 20) == bytes {
            return false
        }
        try AtomicFile.write(bytes, to: path, mode: FileMode(bits: 0o644))
        return true
    }

    /// Unmounts and removes all but those of `plan`. One that is in use stays, and is tried again with the next deployment.
    func keep(of plan: ResolvedPlan?) async throws(HostError) {
        let wanted = (plan?.backup?.targets ?? [:]).compactMap { name, target in
            target.mount.map {
                MountUnit(target: name, mount: $0, runtimeDirectory: configuration.runtimeDirectory).name
            }
        }
        let unwanted = try own().filter { !wanted.contains($0) }
        guard !unwanted.isEmpty else { return }
        var failure: HostError?
        for name in unwanted {
            do throws(HostError) { try await remove(name) } catch { failure = failure ?? error }
        }
        try await systemctl(["daemon-reload"])
        if let failure { throw failure }
    }

    private func own() throws(HostError) -> [String] {
        let names = try DirectoryContent.names(in: directory).filter {
            $0.hasPrefix(MountUnit.prefix) && $0.hasSuffix(MountUnit.suffix)
        }
        var own: [String] = []
        for name in names.sorted() where try FileStatus.at("\(directory)/\(name)").kind == .file {
            let content = try Descriptor("\(directory)/\(name)", O_RDONLY).read(limit: 1 << 20)
            if content.starts(with: MountUnit.header.utf8) { own.append(name) }
        }
        return own
    }

    private func remove(_ name: String) async throws(HostError) {
        let place = MountUnit.place(ofUnit: name)
        if try MountPoint.isMounted(place) { try await systemctl(["stop", name], deadline: .seconds(90)) }
        guard try !MountPoint.isMounted(place) else {
            throw HostError(
                "'\(place)' is still mounted, although no backup target of the plan has it any more",
                hint: "see what uses it: 'fuser -vm \(place)'; the next deployment unmounts it", disposition: .transient
            )
        }
        try AtomicFile.remove("\(directory)/\(name)")
        try AtomicFile.remove(MountUnit.credentialsFile(for: place, in: configuration.runtimeDirectory))
        // Only when it is empty, and never what is in it.
        rmdir(place)
    }

    func systemctl(_ arguments: [String], deadline: Duration = .seconds(60)) async throws(HostError) {
        guard let systemctl = Command.find("systemctl", path: configuration.commandPath) else {
            throw HostError.notInstalled("systemctl")
        }
        do throws(CommandFailure) {
            _ = try await Command(systemctl, ["--no-ask-password"] + arguments, deadline: deadline).run()
        } catch {
            throw HostError(
                "cannot \(arguments.joined(separator: " ")) by systemctl: \(error)", hint: "see 'systemctl --failed'",
                disposition: Task.isCancelled ? .interrupted : .transient)
        }
    }
}

extension HostSystem {
    /// Takes back the mounts of backup targets that `plan` does not have.
    public func keepMounts(of plan: ResolvedPlan?) async throws(HostError) {
        try await MountUnits(configuration: configuration).keep(of: plan)
    }
}
