internal import FoundationEssentials
internal import Glibc
public import Model

extension PodmanEngine {
    public func tryUserNamespace(_ spec: ContainerSpec) async throws(EngineError) {
        guard spec.userNamespace != nil else { return }
        try await NamespaceTrial(engine: self, of: spec).run()
    }
}

/// A container that is made up to the moment before its program starts, looked at, and removed.
///
/// Asking for the runtime's name would not do: an older one ignores what it does not know, and file systems differ.
struct NamespaceTrial {
    private let engine: PodmanEngine
    private let subject: String
    private let spec: ContainerSpec

    init(engine: PodmanEngine, of real: ContainerSpec) {
        self.engine = engine
        subject = real.name
        // No plan can name a container so.
        var spec = ContainerSpec(
            name: "\(real.name)_trial", image: real.image, network: real.network,
            plan: ContainerPlan(image: real.plan.image))
        spec.userNamespace = real.userNamespace
        spec.user = real.user
        spec.readOnly = real.readOnly
        spec.tmpfs = real.tmpfs
        spec.restarts = false
        // It never runs.
        spec.logs = .nowhere
        spec.`init` = false
        spec.mounts = real.mounts.map(Self.onDisk)
        // What a crash leaves of it is seen as what should not be there, and removed.
        spec.labels = real.labels.filter { [FairleadLabel.stack, FairleadLabel.drill].contains($0.key) }
        self.spec = spec
    }

    /// In place of a data directory that is made later, the directory that it will lie in: it is on the same file system.
    private static func onDisk(_ mount: MountSpec) -> MountSpec {
        var mount = mount
        while mount.source != "/", !FileManager.default.fileExists(atPath: mount.source) {
            let parent = mount.source.lastIndex(of: "/").map { mount.source[..<$0] } ?? ""
            mount.source = parent.isEmpty ? "/" : String(parent)
            mount.readOnly = true
            mount.includesMounts = false
        }
        return mount
    }

    func run() async throws(EngineError) {
        try checkNesting()
        try await removeRemains()
        let failure = await self.failure()
        try await removeRemains()
        if let failure { throw failure }
    }

    /// The kernel maps the owners of one file system at a time: the runtime leaves out what is mounted below, and a service would find
    /// the empty mount point, and write there.
    private func checkNesting() throws(EngineError) {
        let table = MountTable(process: "self")
        for mount in spec.mounts where mount.keepsOwners && mount.includesMounts {
            guard let resolved = realpath(mount.source, nil) else { continue }
            defer { free(resolved) }
            guard let nested = table.point(below: String(cString: resolved)) else { continue }
            throw explained(
                "'\(nested)' is mounted below '\(mount.source)', and would be missing in '\(mount.target)'",
                hint: "give '\(nested)' a volume of its own, or leave 'userns' out of the plan")
        }
    }

    private func removeRemains() async throws(EngineError) {
        guard let left = try await engine.inspect(spec.name), Set(left.labels.keys).isSuperset(of: spec.labels.keys)
        else { return }
        try await engine.removeContainer(left.id)
    }

    private func failure() async -> EngineError? {
        do throws(EngineError) {
            let process = try await begin()
            guard let lack = NamespaceEvidence(process: process.id).lack(of: spec) else { return nil }
            return explained("runtime '\(process.runtime)' \(lack)", hint: Self.runtimeHint)
        } catch {
            guard case .refused = error.reason else { return error }
            return explained(
                error.message, hint: error.message.contains("mount_setattr") ? Self.fileSystemHint : error.hint,
                disposition: error.disposition)
        }
    }

    /// Its process has its user ids and its mounts, and waits for the word to start the image's program.
    private func begin() async throws(EngineError) -> (id: Int32, runtime: String) {
        let id = Route.encoded(try await engine.create(spec, joinsNetwork: false))
        let limit = engine.configuration.callDeadline * 2
        let action = "prepare container '\(spec.name)'"
        try await engine.transport.call(
            Route(.post, "/containers/\(id)/init", action), accepting: [304], deadline: limit)
        let answer = try await engine.transport.call(Route(.get, "/containers/\(id)/json", action))
        let found = try answer.decoded(PreparedContainer.self, action)
        return (found.state.pid ?? 0, found.runtime ?? "unknown")
    }

    private func explained(_ reason: String, hint: String, disposition: Disposition = .transient) -> EngineError {
        EngineError(
            .refused(status: nil), "cannot give container '\(subject)' a user namespace of its own: \(reason)",
            hint: hint, disposition: disposition)
    }

    static let runtimeHint =
        "install the package 'crun' and write 'runtime = \"crun\"' below '[engine]' in "
        + "'/etc/containers/containers.conf', or leave 'userns' out of the plan"
    private static let fileSystemHint =
        "mount what lies on a file system that can map owners (ext4, xfs, btrfs; not NFS or CIFS), or leave 'userns' "
        + "out of the plan"
}

private struct PreparedContainer: Decodable {
    struct State: Decodable {
        let pid: Int32?

        enum CodingKeys: String, CodingKey { case pid = "Pid" }
    }

    let runtime: String?
    let state: State

    enum CodingKeys: String, CodingKey {
        case runtime = "OCIRuntime"
        case state = "State"
    }
}
