internal import Glibc
internal import Model
internal import Processes

/// T3: what a server or a commit makes of the child, it reads what its request names, writes the mirror and the exports, and
/// has no capability.
struct ChildConfinement {
    let request: ChildRequest

    /// Makes what it may write, then holds for the rest of the process, and for ssh.
    ///
    /// A kernel without Landlock confines no files; the rest holds there too.
    func apply() throws(GitFailure) {
        var confined = Confined()
        confined.writable = try written()
        confined.readable = readable
        // What a repository of this host has in it may belong to anybody.
        if localRepository != nil { confined.capabilities = .reading }
        if case .failed(let reason) = confined.apply() {
            throw GitFailure(.local, "cannot give up the rights that reading a repository does not need: \(reason)")
        }
    }

    private func written() throws(GitFailure) -> [String] {
        let parent = Mirror(path: request.mirror).parent
        // The first command on a host may be `fairlead plan`, before anything made the state directory.
        for directory in [Mirror(path: parent).parent, parent] where access(directory, F_OK) != 0 {
            try Directory.create(directory, mode: 0o700)
        }
        guard let exports = request.directory else { return [parent] }
        try Directory.create(exports, mode: 0o755)
        return [parent, exports]
    }

    private var readable: [String] {
        guard !request.operation.isLocal else { return [] }
        let keys = request.sshKey.map { [$0, "\($0).pub", "\($0)-cert.pub"] } ?? ownKeys
        let hosts = [request.knownHosts].compactMap { $0 } + ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"]
        let others = [request.tokenFile, request.proxy?.passwordFile, request.caFile, localRepository]
        return keys + hosts + others.compactMap { $0 }
    }

    /// Where ssh looks when it is told of no key.
    private var ownKeys: [String] {
        guard case .ssh = transport, let home = getpwuid(getuid())?.pointee.pw_dir else { return [] }
        return ["\(String(cString: home))/.ssh"]
    }

    private var transport: RepositoryURL.Transport? {
        request.operation.isLocal ? nil : (try? RepositoryURL(request.url))?.transport
    }

    private var localRepository: String? { if case .local(let path) = transport { path } else { nil } }
}
