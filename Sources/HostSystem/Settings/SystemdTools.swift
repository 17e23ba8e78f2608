internal import Files
internal import FoundationEssentials
internal import Glibc
internal import Processes

/// Where systemd runs, its daemons change some settings themselves and tell other programs about it.
package struct SystemdTools {
    /// Exists only while systemd is the init of this host.
    package static let marker = "/run/systemd/system"

    private let isRunning = access(Self.marker, F_OK) == 0

    /// A tool that is missing or fails is no error: what it did not do is done directly, and fails there.
    func announce(_ writes: [HostItem: HostValue]) async {
        if case .text(let name) = writes[.hostname] { await run("hostnamectl", "set-hostname", "--static", name) }
        if let zone = writes[.localTime]?.zoneName { await run("timedatectl", "set-timezone", zone) }
    }

    func restart(_ service: ReadingService) async throws(HostError) {
        guard isRunning else { return }
        guard let systemctl = Command.find("systemctl") else { throw HostError.notInstalled("systemctl") }
        do {
            _ = try await Command(systemctl, ["reload-or-restart", "\(service.name).service"]).run()
        } catch {
            throw HostError(
                "cannot restart \(service.name) with \(service.setting) of the plan: \(error)",
                hint: "see 'journalctl -u \(service.name)'")
        }
    }

    private func run(_ tool: String, _ arguments: String...) async {
        guard isRunning, let path = Command.find(tool) else { return }
        _ = try? await Command(path, arguments, deadline: .seconds(20)).run()
    }
}
