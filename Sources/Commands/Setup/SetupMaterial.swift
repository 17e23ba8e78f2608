/// The content of what the arguments name, read before anything of the host is changed.
struct SetupMaterial: Sendable {
    let hostKey: HostKeyName?
    let signers: SignerSource?
    let token: [UInt8]?
    let proxyPassword: [UInt8]?
    let certificates: [UInt8]?

    init(_ request: SetupRequest) throws(SetupError) {
        hostKey = try Self.hostKey(request)
        if let text = request.signers { signers = try SignerSource(text) } else { signers = nil }
        token = try Self.content(request.tokenFile) ?? request.token.map { Array("\($0)\n".utf8) }
        proxyPassword = try Self.content(request.proxyPasswordFile)
        certificates = try Self.content(request.certificatesFile)
    }

    private static func hostKey(_ request: SetupRequest) throws(SetupError) -> HostKeyName? {
        guard request.repository?.way == .ssh, let text = request.hostKey else { return nil }
        guard let name = HostKeyName(text) else {
            throw SetupError(
                "'--host-key' is neither 'SHA256:…' nor 'accept' nor a key",
                hint: "ask the git host for its fingerprint; on it: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")
        }
        return name
    }

    private static func content(_ path: String?) throws(SetupError) -> [UInt8]? {
        guard let path else { return nil }
        guard let bytes = try? HostFile(path).read(limit: 1 << 20) else {
            throw SetupError("the file '\(path)' cannot be read", hint: "copy it to this host, or correct its path")
        }
        return bytes
    }
}
