internal import FoundationEssentials
internal import Model
internal import Processes

extension EngineError {
    private struct Problem: Decodable {
        let message: String
    }

    /// From an answer whose status says that the call failed.
    init(answer: Answer, _ action: String) {
        let problem = try? JSONDecoder().decode(Problem.self, from: Data(answer.body.withoutCrowds))
        let text = problem?.message ?? String(decoding: answer.body.prefix(512), as: UTF8.self)
        self.init(
            status: answer.status, said: text.isEmpty ? "the engine answered with status \(answer.status)" : text,
            action)
    }

    /// From what the engine said, in an answer or inside a stream.
    init(status: Int?, said: String, _ action: String) {
        let text = Self.oneLine(said)
        let kind = Self.kinds.first { kind in kind.needles.contains { text.lowercased().contains($0) } }
        self.init(
            .refused(status: status), "cannot \(action): \(text)", hint: kind?.hint ?? "",
            disposition: kind?.disposition ?? .permanent)
    }

    init(failure: CommandFailure, _ action: String) {
        let said = failure.tail.isEmpty ? failure.description : failure.tail
        if case .deadline(let limit) = failure.reason {
            self = .timedOut(action, after: limit, silent: false)
        } else {
            self.init(status: nil, said: said, action)
        }
    }

    /// The engine's service broke off in the middle of the call.
    var isPanic: Bool { message.contains("runtime error: ") }

    /// A container that the engine was about to look at was removed meanwhile.
    var isOfGoneContainer: Bool { message.lowercased().contains("no such container") }

    /// Without the prefix that repeats the reference, and without line ends.
    private static func oneLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " | ")
        return String(line.trimmingPrefix(#/initializing source \S+: /#))
    }

    private struct Kind {
        let needles: [String]
        let hint: String
        let disposition: Disposition
    }

    /// The same, when the engine was asked to speak to a registry: what answers there may be a portal, a proxy or a registry in
    /// trouble, so it passes unless it names what is wrong with the plan.
    var ofRegistry: EngineError {
        guard case .refused = reason else { return self }
        let text = message.lowercased()
        let kind = (Self.registryKinds + Self.kinds).first { kind in kind.needles.contains { text.contains($0) } }
        return EngineError(
            reason, message, hint: kind?.hint ?? "it will be tried again; see what answers at that registry's address",
            disposition: kind?.disposition ?? .transient)
    }

    private static let registryKinds = [
        // A page for people: of a hotel, of a web proxy, of a load balancer.
        Kind(
            needles: ["<html", "<!doctype", "invalid character '<'"],
            hint: "what answers there is no registry; it will be tried again; check web proxy and network of this host",
            disposition: .transient),
        Kind(
            needles: ["certificate has expired", "not yet valid"],
            hint: "it will be tried again; compare this host's clock, and have the registry's certificate renewed",
            disposition: .transient),
        Kind(
            needles: ["x509:", "certificate signed by unknown", "tls: failed to verify"],
            hint: "it will be tried again; install the registry's CA: 'update-ca-certificates', or "
                + "'/etc/containers/certs.d/HOST:PORT/ca.crt'",
            disposition: .transient),
        Kind(
            needles: ["server gave http response to https client"],
            hint: "it will be tried again; serve the registry over TLS, or mark it 'insecure' in "
                + "'/etc/containers/registries.conf'",
            disposition: .transient),
        Kind(
            needles: ["no image found in"],
            hint: "push the image for this host's processor, or name another tag", disposition: .transient),
        Kind(needles: ["invalid reference"], hint: "correct the image's name in 'plan.json'", disposition: .permanent),
    ]

    /// In order: the first that matches counts.
    private static let kinds = [
        Kind(
            needles: ["no space left", "disk quota"], hint: "free space on the engine's disk, see 'podman system df'",
            disposition: .transient),
        Kind(
            needles: ["unauthorized", "authentication required", "access denied", "access to the resource is denied"],
            hint: "check user name and password of this registry under 'registries' in 'plan.json'",
            disposition: .permanent),
        Kind(
            needles: ["host key verification failed", "no ed25519 host key is known", "no rsa host key is known"],
            hint: "compare the host's fingerprint and add its line to '/root/.ssh/known_hosts' ('ssh-keyscan HOST')",
            disposition: .permanent),
        Kind(
            needles: ["permission denied (publickey"],
            hint: "put the key that this host accepts into '/root/.ssh'", disposition: .permanent),
        // Of what an answer of 404 is when it is asked for a moment later.
        Kind(
            needles: ["no such container", "unable to find network", "network not found", "has been removed"],
            hint: "somebody removed it meanwhile; it will be tried again", disposition: .transient),
        // What Podman's service answers when it panicked, as it can on storage that a power cut left behind.
        Kind(
            needles: ["runtime error: "],
            hint: "that is a fault of the engine; it will be tried again; see 'journalctl --unit podman'",
            disposition: .transient),
        // An image is often pushed a little after the plan that names it, so this one may pass.
        Kind(
            needles: ["manifest unknown", "name unknown", "not found: manifest", "repository name not known"],
            hint: "check name and tag, or push the image to the registry", disposition: .transient),
        Kind(
            needles: ["server gave http response to https client"],
            hint: "serve the registry over TLS, or mark it 'insecure' in '/etc/containers/registries.conf'",
            disposition: .permanent),
        Kind(
            needles: ["x509:", "certificate signed by unknown", "tls: failed to verify"],
            hint:
                "install the CA of this server: 'update-ca-certificates', or '/etc/containers/certs.d/HOST:PORT/ca.crt'",
            disposition: .permanent),
        Kind(
            needles: ["executable file not found", "was not found", "no such file or directory: oci"],
            hint: "check 'entrypoint' and 'command'; after a power cut pull the image again", disposition: .permanent),
        Kind(
            needles: ["path to init binary", "catatonit"],
            hint: "install the package 'catatonit', or set 'init' to false", disposition: .permanent),
        // The monitor of a container that hangs or is gone; no server is far away.
        Kind(
            needles: ["waiting for file"],
            hint: "the engine's monitor of that container (conmon) does not answer; it will be tried again",
            disposition: .transient),
        Kind(
            needles: ["is already allocated to container"],
            hint: "it will be tried again; 'podman ps --all --no-trunc' shows whether that container is still there",
            disposition: .transient),
        // Of what the engine makes on the host, not of what the plan asks for.
        Kind(
            needles: ["netavark", "aardvark", "failed to create endpoint", "no such network interface"],
            hint: "it will be tried again; look at the host's network with 'ip address' and 'ip route'",
            disposition: .transient),
        Kind(
            needles: ["address already in use", "port is already allocated"],
            hint: "find who listens on that port with 'ss -ltnp'",
            disposition: .permanent),
        Kind(
            needles: ["already in use by"], hint: "remove that container, or give this stack another name",
            disposition: .permanent),
        Kind(
            needles: [
                "connection refused", "connection reset", "no such host", "i/o timeout", "timeout", "timed out",
                "no route to host", "network is unreachable", "temporary failure", "unexpected eof", "eof",
                "could not resolve", "cannot resolve", "closed early", "no connection in time", "server misbehaving",
                "too many requests", "toomanyrequests",
                "status: 5", "service unavailable", "bad gateway",
            ],
            hint: "it will be tried again; check the network between this host and that server",
            disposition: .transient),
    ]
}
