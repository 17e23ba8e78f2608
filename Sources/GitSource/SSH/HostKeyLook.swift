internal import Glibc

/// Asks the ssh servers of the repository for all of their host keys, and compares them with those that are pinned.
public struct HostKeyLook: Sendable {
    public enum Finding: Hashable, Sendable {
        /// `unpinned`: the lines that would pin the keys that nobody has pinned, as known_hosts has them.
        case offered(host: String, pinned: Int, unpinned: [String])
        /// It could not be asked, and why.
        case unknown(host: String, reason: String)
    }

    /// More keys of one server are not looked at.
    static let mostKeys = 16

    private let location: RepositoryLocation
    private let scan: HostKeyScan

    /// `confiner`: the program of Fairlead, in whose limits the servers' answers are read.
    public init(_ location: RepositoryLocation, confiner: String?) {
        self.location = location
        scan = HostKeyScan(confiner: confiner)
    }

    /// Where a key that is missing belongs.
    public var file: String { location.knownHosts ?? Self.own }

    /// Of each server once; none where the repository is reached by other ways than ssh.
    public func findings() async -> [Finding] {
        var findings: [Finding] = []
        var names: Set<String> = []
        for text in location.urls {
            guard let url = try? RepositoryURL(text), case .ssh(let address) = url.transport,
                names.insert(address.knownHostsName).inserted
            else { continue }
            findings.append(await finding(address))
        }
        return findings
    }

    private func finding(_ address: SSHAddress) async -> Finding {
        guard HostKeyScan.isInstalled else {
            return .unknown(host: address.host, reason: "'ssh-keyscan' is not installed (package openssh-client)")
        }
        let text = await scan.text(of: address, deadline: .seconds(15))
        let offered = Self.keys(in: text).prefix(Self.mostKeys)
        guard !offered.isEmpty else { return .unknown(host: address.host, reason: "it shows no host key from here") }
        let lines = await knownLines(address)
        // A key that an authority signed needs no line of its own, and says nothing here.
        guard !lines.contains(where: \.isAuthority) else {
            return .offered(host: address.host, pinned: offered.count, unpinned: [])
        }
        let pinned = lines.compactMap(\.key)
        // One that is marked as revoked was thought of, too.
        let marked = lines.map(\.text).filter { $0.hasPrefix("@revoked ") }.map { String($0.dropFirst(9)) }
        let known = Set(pinned + Self.keys(in: marked.joined(separator: "\n")))
        let unpinned = offered.filter { !known.contains($0) }.map { "\(address.knownHostsName) \($0)" }
        return .offered(host: address.host, pinned: offered.count { pinned.contains($0) }, unpinned: unpinned)
    }

    private func knownLines(_ address: SSHAddress) async -> [KnownHostLine] {
        let files = location.knownHosts.map { [$0] } ?? [Self.own, "/etc/ssh/ssh_known_hosts"]
        var lines: [KnownHostLine] = []
        for file in files { lines += await KnownHosts.lines(of: address.knownHostsName, in: file) }
        return lines
    }

    /// `ssh-ed25519 AAAA…`, each once: of the lines of a server, whose text is anybody's, no more is taken.
    static func keys(in text: String) -> [String] {
        var seen: Set<String> = []
        return text.split(whereSeparator: \.isNewline).compactMap { line in
            let form = /[^ @#][^ ]* ((?:ssh|ecdsa|sk)-[a-z0-9@.-]{1,60} [A-Za-z0-9+\/]{40,4000}={0,2})(?: .*)?/
            return line.wholeMatch(of: form).map { String($0.1) }
        }.filter { seen.insert($0).inserted }
    }

    /// Of whoever runs fairlead.
    private static var own: String {
        let home = getpwuid(getuid()).flatMap { $0.pointee.pw_dir }.map { String(cString: $0) } ?? "/root"
        return "\(home)/.ssh/known_hosts"
    }
}
