internal import Files
internal import Glibc
internal import HostSystem
internal import Model
internal import Processes

/// Sees to it that a backup target's share is mounted, by a unit of systemd: Fairlead itself may mount nothing.
struct TargetMount: Sendable {
    let unit: MountUnit
    let secrets: Secrets
    let configuration: HostConfiguration

    init(of target: String, _ mount: MountPlan, secrets: Secrets, configuration: HostConfiguration) {
        unit = MountUnit(target: target, mount: mount, runtimeDirectory: configuration.runtimeDirectory)
        self.secrets = secrets
        self.configuration = configuration
    }

    /// Nothing where it is mounted; returns when it is.
    func establish() async throws(HostError) {
        let place = unit.place
        guard try !MountPoint.isMounted(place) else { return }
        try checkHost()
        let units = MountUnits(configuration: configuration)
        try writeCredentials()
        if try units.write(unit) { try await units.systemctl(["daemon-reload"]) }
        do throws(HostError) {
            try await units.systemctl(["start", unit.name], deadline: .seconds(90))
        } catch {
            throw await failure(error)
        }
        guard try MountPoint.isMounted(place) else {
            throw HostError(
                "\(shown) is not mounted at '\(place)', although '\(unit.name)' was started",
                hint: "see 'systemctl status \(place)'", disposition: .transient)
        }
    }

    private var shown: String { "'\(unit.mount.source)' of backup target '\(unit.target)'" }

    private func checkHost() throws(HostError) {
        guard access(SystemdTools.marker, F_OK) == 0 else {
            throw HostError(
                "\(shown) cannot be mounted: systemd does not run on this host",
                hint: "mount it by other means, and name the place as 'directory' of the target")
        }
        guard Command.find(unit.helper, path: configuration.commandPath) != nil else {
            throw HostError.notInstalled(unit.helper)
        }
    }

    private func writeCredentials() throws(HostError) {
        guard let file = unit.credentialsFile else { return }
        guard let text = unit.credentials(secrets) else {
            throw HostError(
                "the user or the password of \(shown) is not known, or has a line break",
                hint: "correct the secrets that 'mount' refers to")
        }
        try PathName.createDirectories(PathName.directory(of: file))
        try AtomicFile.write(Array(text.utf8), to: file)
    }

    /// With what the program that mounts said, which only the log of the unit has.
    private func failure(_ error: HostError) async -> HostError {
        guard !error.isInterruption, let journalctl = Command.find("journalctl") else { return error }
        let log = try? await Command(
            journalctl,
            ["--unit", unit.name, "--boot", "--lines", "20", "--output", "cat", "--no-pager", "--quiet"],
            deadline: .seconds(10)
        ).runToEnd().text
        let said = log?.split(separator: "\n").last { $0.hasPrefix("mount") }.map(String.init)
        return HostError(
            "cannot mount \(shown): \(secrets.telling(said ?? error.message))",
            hint: "check the server, the share and its user; see 'systemctl status \(unit.place)'",
            disposition: .transient)
    }
}
