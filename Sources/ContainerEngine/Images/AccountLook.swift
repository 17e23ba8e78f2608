internal import AsyncHTTPClient
public import Model
internal import NIOCore
internal import NIOHTTP1

/// An engine in whose containers files can be read that nothing runs in.
protocol LookingEngine: EngineClient {
    func make(_ probe: ContainerSpec) async throws(EngineError) -> String
    func inspect(_ id: String) async throws(EngineError) -> ContainerStatus?
    func removeContainer(_ id: String) async throws(EngineError)
}

/// Reads `/etc/passwd` and `/etc/group` of an image out of a container that is never started: engines have no other way to a file of
/// an image, and follow its links inside of it.
struct AccountLook {
    let engine: any LookingEngine
    let probe: ContainerSpec

    /// In bytes, with the archive around it: a file of a thousand users has a tenth of it.
    private static let largest = 1 << 20

    func run() async throws(EngineError) -> ImageAccounts? {
        try await removeRemains()
        let id: String
        do throws(EngineError) {
            id = try await engine.make(probe)
        } catch {
            guard case .refused = error.reason else { throw error }
            return nil
        }
        let found = await accounts(in: id)
        try await engine.removeContainer(id)
        return found
    }

    /// What a crash left of an earlier look would be in the way of its name.
    private func removeRemains() async throws(EngineError) {
        guard let left = try await engine.inspect(probe.name), Set(left.labels.keys).isSuperset(of: probe.labels.keys)
        else { return }
        try await engine.removeContainer(left.id)
    }

    private func accounts(in id: String) async -> ImageAccounts? {
        guard let passwd = await content(of: "/etc/passwd", in: id),
            let group = await content(of: "/etc/group", in: id)
        else { return nil }
        return ImageAccounts(passwd: passwd, group: group)
    }

    /// Empty where there is no such file, as for engines; `nil` where it cannot be told.
    private func content(of path: String, in id: String) async -> String? {
        let action = "read '\(path)' of container '\(id)'"
        let route = Route(.get, "/containers/\(Route.encoded(id))/archive", ["path": path], action)
        let answer = try? await Deadline.run(engine.configuration.callDeadline, action) { _ in
            let response = try await engine.transport.open(route)
            let body = try await response.body.collect(upTo: Self.largest)
            return Answer(status: Int(response.status.code), body: Array(body.readableBytesView))
        }
        switch answer?.status {
        case 200: return (answer?.body).flatMap(TarEntry.file)
        case 404: return ""
        default: return nil
        }
    }
}

/// The first file of a tar archive.
enum TarEntry {
    private static let block = 512

    /// `nil` where it is none that can be read.
    static func file(_ archive: [UInt8]) -> String? {
        var rest = archive[...]
        while rest.count >= block {
            let header = Array(rest.prefix(block))
            let digits = header[124..<136].drop { $0 == UInt8(ascii: " ") }.prefix { 48...55 ~= $0 }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 8) else { return nil }
            rest = rest.dropFirst(block)
            switch header[156] {
            case 0, UInt8(ascii: "0"):
                return rest.count >= size ? String(decoding: rest.prefix(size), as: UTF8.self) : nil
            // What says more of the next entry.
            case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"):
                rest = rest.dropFirst((size + block - 1) / block * block)
            default: return nil
            }
        }
        return nil
    }
}

extension PodmanEngine: LookingEngine {
    func make(_ probe: ContainerSpec) async throws(EngineError) -> String {
        try await create(probe, joinsNetwork: false)
    }

    public func accounts(by probe: ContainerSpec) async throws(EngineError) -> ImageAccounts? {
        try await AccountLook(engine: self, probe: probe).run()
    }
}

extension DockerEngine: LookingEngine {
    func make(_ probe: ContainerSpec) async throws(EngineError) -> String { try await create(probe) }

    public func accounts(by probe: ContainerSpec) async throws(EngineError) -> ImageAccounts? {
        try await AccountLook(engine: self, probe: probe).run()
    }
}
