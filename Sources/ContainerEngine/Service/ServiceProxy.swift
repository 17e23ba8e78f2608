internal import FoundationEssentials
internal import Glibc
public import Model
internal import Processes

/// Hands the web proxy to Podman's service where systemd starts it: a drop-in of Fairlead's own for the unit, and a file
/// beside the state that only root reads. systemd shows a unit's own variables to every user of the host.
public struct ServiceProxy: Sendable {
    public enum State: Hashable, Sendable {
        /// The service has what it shall have; nothing, where there is no proxy.
        case whole
        /// The next `establish` changes something.
        case differs
        /// systemd does not start this service.
        case notSystemd
    }

    private let proxy: WebProxy?
    private let isSystemd: Bool
    private let environmentFile: String
    package var directory = "/etc/systemd/system/podman.service.d"
    package var commandPath = Command.plainEnvironment["PATH"] ?? ""

    /// `socket`: of the engine. `stateDirectory` holds the file with the password.
    public init(proxy: WebProxy?, socket: String, stateDirectory: String) {
        let isBooted = access("/run/systemd/system", F_OK) == 0
        self.init(
            proxy: proxy, stateDirectory: stateDirectory, isSystemd: socket == ServiceStart.systemSocket && isBooted)
    }

    package init(proxy: WebProxy?, stateDirectory: String, isSystemd: Bool) {
        self.proxy = proxy
        self.isSystemd = isSystemd
        environmentFile = "\(stateDirectory)/engine-proxy.env"
    }

    package var dropIn: String { "\(directory)/fairlead-proxy.conf" }

    private var wantedDropIn: String {
        """
        # Written by Fairlead, from 'proxy' of its configuration, and removed when that has none.
        [Service]
        EnvironmentFile=-\(environmentFile)

        """
    }

    public func state() throws(EngineError) -> State {
        guard isSystemd else { return .notSystemd }
        guard proxy != nil else { return content(dropIn) == nil ? .whole : .differs }
        let variables = try variables()
        return content(dropIn) == wantedDropIn && content(environmentFile) == variables ? .whole : .differs
    }

    /// Makes or takes back what differs, and lets the service begin anew with it; containers do not notice.
    /// Returns whether anything was changed.
    public func establish() async throws(EngineError) -> Bool {
        guard try state() == .differs else { return false }
        if proxy == nil {
            for path in [dropIn, environmentFile] { unlink(path) }
        } else {
            try write(try variables(), to: environmentFile, mode: 0o600)
            try write(wantedDropIn, to: dropIn, mode: 0o644)
        }
        for arguments in [["daemon-reload"], ["try-restart", "podman.service"]] { try await systemctl(arguments) }
        return true
    }

    private func variables() throws(EngineError) -> String {
        do throws(ProxyFailure) {
            let values = try proxy?.environment() ?? [:]
            return values.sorted { $0.key < $1.key }.map { "\($0)=\($1)\n" }.joined()
        } catch {
            throw failure(error.message, error.hint)
        }
    }

    private func content(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    private func write(_ text: String, to path: String, mode: mode_t) throws(EngineError) {
        let parent = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
        let temporary = "\(path).new"
        do {
            if !FileManager.default.fileExists(atPath: parent) {
                try FileManager.default.createDirectory(
                    atPath: parent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
            }
            unlink(temporary)
            let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
            guard descriptor >= 0 else { throw failure(String(cString: strerror(errno)), "run Fairlead as root") }
            defer { close(descriptor) }
            let bytes = Array(text.utf8)
            guard fchmod(descriptor, mode) == 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count,
                fsync(descriptor) == 0, rename(temporary, path) == 0
            else { throw failure(String(cString: strerror(errno)), "see that there is space for '\(path)'") }
        } catch let error as EngineError {
            throw error
        } catch {
            throw failure("cannot make '\(parent)'", "run Fairlead as root")
        }
    }

    private func systemctl(_ arguments: [String]) async throws(EngineError) {
        guard let program = Command.find("systemctl", path: commandPath) else { return }
        do {
            _ = try await Command(program, arguments, deadline: .seconds(60)).run()
        } catch {
            throw failure("\(error)", "see 'systemctl status podman.service'")
        }
    }

    private func failure(_ why: String, _ hint: String) -> EngineError {
        EngineError(
            .refused(status: nil), "cannot hand the web proxy to Podman's service: \(why)", hint: hint,
            disposition: .transient)
    }
}
