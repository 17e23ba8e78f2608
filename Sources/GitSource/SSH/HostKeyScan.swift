internal import Processes

/// T3: asks a server for its host keys, and reads its answer, in programs that can do nothing else.
struct HostKeyScan: Sendable {
    /// The program of Fairlead, which takes their rights away; `nil`: they run as they are.
    let confiner: String?

    static var isInstalled: Bool { Command.find("ssh-keyscan") != nil }

    /// What the server shows, as lines of known_hosts; empty where it shows nothing, or there is no program for it.
    func text(of address: SSHAddress, deadline: Duration) async -> String {
        let port = address.port.map { ["-p", "\($0)"] } ?? []
        guard let scan = Command.find("ssh-keyscan") else { return "" }
        let command = Command(
            scan, ["-T", "5"] + port + ["--", address.host], deadline: deadline, outputLimit: 1 << 17)
        return (try? await confined(command).runToEnd())?.text ?? ""
    }

    /// Such as `ED25519 SHA256:…`, of one line.
    func fingerprint(of line: String) async -> String? {
        await Self.fingerprint(["-lf", "-"], input: Array("\(line)\n".utf8)) { confined($0) }
    }

    /// The same of the key in a file of this host.
    static func fingerprint(ofFile path: String) async -> String? { await fingerprint(["-lf", path]) { $0 } }

    private static func fingerprint(
        _ arguments: [String], input: [UInt8] = [], _ limited: (Command) -> Command
    ) async -> String? {
        guard let keygen = Command.find("ssh-keygen") else { return nil }
        let command = Command(keygen, arguments, input: input, deadline: .seconds(10))
        guard let words = try? await limited(command).run().text.split(whereSeparator: \.isWhitespace), words.count > 2
        else { return nil }
        return "\(words[words.count - 1].filter { $0 != "(" && $0 != ")" }) \(words[1])"
    }

    private func confined(_ command: Command) -> Command {
        confiner.map { Confinement().applied(to: command, by: $0) } ?? command
    }
}
