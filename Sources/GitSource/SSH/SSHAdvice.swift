/// Says what an operator needs to mend ssh: the server's fingerprint and the line for known_hosts, or the key offered.
struct SSHAdvice: Sendable {
    let location: RepositoryLocation
    let url: RepositoryURL
    let scan: HostKeyScan

    func explain(_ problem: SSHProblem, _ failure: GitFailure) async -> GitFailure {
        switch problem.reason {
        case .permissionDenied: await keyRefused(problem.address)
        case .unknownHostKey, .changedHostKey: await hostKeyRefused(problem) ?? failure
        }
    }

    private func keyRefused(_ address: SSHAddress) async -> GitFailure {
        let account = "'\(address.user ?? "root")' on '\(address.host)'"
        guard let key = location.sshKey else {
            return GitFailure(
                .authentication, "cannot read '\(url.shown)': \(account) accepts none of this host's own ssh keys",
                hint: "configure an ssh key, and add its public half to the repository as a read-only deploy key")
        }
        let print = await HostKeyScan.fingerprint(ofFile: key) ?? ""
        return GitFailure(
            .authentication,
            "cannot read '\(url.shown)': \(account) does not accept the ssh key '\(key)'"
                + (print.isEmpty ? "" : " (\(print))"),
            hint: "add its public half, which \"ssh-keygen -y -f '\(key)'\" prints, to the repository as a read-only "
                + "deploy key, or to the account's authorized_keys")
    }

    /// `nil` when the server does not show its key.
    private func hostKeyRefused(_ problem: SSHProblem) async -> GitFailure? {
        guard let line = await hostKeyLine(problem),
            let print = await scan.fingerprint(of: line)
        else { return nil }
        let file = location.knownHosts ?? "/root/.ssh/known_hosts"
        let host = problem.address.host
        let fault =
            problem.reason == .changedHostKey
            ? "the host key of '\(host)' is not the one in '\(file)'; it now shows \(print)"
            : "the host key of '\(host)' is not in '\(file)'; it shows \(print)"
        let removal =
            problem.reason == .changedHostKey
            ? "somebody may be in between; if the server really has a new key, replace the old line in" : "then add to"
        return GitFailure(
            .identity, "cannot read '\(url.shown)': \(fault)",
            hint: "compare the fingerprint with what the server's operator publishes, \(removal) '\(file)': \(line)")
    }

    /// The line for known_hosts, of the kind of key that ssh asked for.
    private func hostKeyLine(_ problem: SSHProblem) async -> String? {
        let text = await scan.text(of: problem.address, deadline: .seconds(10))
        let lines = text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
        let kinds = [("ED25519", "ssh-ed25519"), ("ECDSA", "ecdsa-"), ("RSA", "ssh-rsa")]
        let wanted = kinds.first { problem.complaint.contains("\($0.0) ") }?.1 ?? ""
        return lines.first { $0.contains(" \(wanted)") } ?? lines.first
    }
}
