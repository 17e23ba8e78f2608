internal import AsyncHTTPClient
internal import Glibc
internal import Model
internal import NIOCore
internal import NIOHTTP1
internal import Processes
internal import Synchronization

/// Builds an image where nothing of this host can be reached, and hands it to the engine as an archive.
struct IsolatedBuild: Sendable {
    let engine: PodmanEngine
    let build: ImageBuild
    let progress: @Sendable (String) -> Void

    private var action: String { "build '\(build.tag)'" }
    private var area: BuildArea { BuildArea(configuration: engine.configuration) }

    func run() async throws -> StoredImage {
        if let obstacle = BuildIsolation(product: .podman).obstacle {
            throw EngineError(
                .refused(status: nil), "cannot \(action) in isolation: \(obstacle)", hint: BuildIsolation.wayOut)
        }
        let recipe = try engine.recipe(in: build.directory, action)
        let context = try area.input(action)
        defer { context.remove() }
        try await engine.context(of: build.directory).stream { output in
            for try await piece in output { try await context.append(piece) }
        }
        let bases = try await bases(of: recipe)
        let options = ["--file", "context/\(recipe)"] + replacements(bases) + labels
        try await make(context, from: Set(bases.map { Self.digits($0.image.id) }).sorted(), options)
        let archive = context.path + ".image"
        defer { unlink(archive) }
        return try await handOver(archive)
    }

    // MARK: - What it starts from

    private func bases(of recipe: String) async throws -> [(base: Containerfile.Base, image: StoredImage)] {
        var found: [(base: Containerfile.Base, image: StoredImage)] = []
        for base in engine.containerfile(in: build.directory, recipe).bases {
            found.append((base, try await build.base(base.name)))
        }
        return found
    }

    /// Names stand for images of this host here, whatever they would be looked up as.
    private func replacements(_ bases: [(base: Containerfile.Base, image: StoredImage)]) -> [String] {
        bases.flatMap { base, image in
            Set([base.written, base.name]).sorted().flatMap {
                ["--build-context", "\($0)=docker-image://\(Self.digits(image.id))"]
            }
        }
    }

    private var labels: [String] {
        build.labels.sorted { $0.key < $1.key }.flatMap { ["--label", "\($0)=\($1)"] }
    }

    private static func digits(_ id: String) -> String { String(id.split(separator: ":").last ?? "") }

    /// Another build may have dropped the store between the look and the work.
    private func make(_ context: Download, from ids: [String], _ options: [String]) async throws {
        for _ in 0..<3 {
            for id in area.missing(ids) { try await take(id) }
            do {
                return try await work("make", context, ids + ["--"] + options)
            } catch let failure as CommandFailure where failure.reason == .exited(75) {
                for id in ids { try await take(id) }
            }
        }
        throw EngineError(
            .refused(status: nil), "cannot \(action): the images that it starts from do not stay",
            hint: "it will be tried again", disposition: .transient)
    }

    private func take(_ id: String) async throws {
        progress("handing image \(id.prefix(12)) to the build")
        let archive = try area.input(action)
        defer { archive.remove() }
        let route = Route(.get, "/images/\(id)/get", ["format": "docker-archive"], action)
        try await Deadline.run(engine.configuration.transferDeadline, action) { [transport = engine.transport] _ in
            let response = try await transport.open(route)
            guard response.status == .ok else {
                let body = try await response.body.collect(upTo: 1 << 20)
                throw EngineError(
                    answer: Answer(status: Int(response.status.code), body: Array(body.readableBytesView)), action)
            }
            for try await piece in response.body { try await archive.append(Array(piece.readableBytesView)) }
        }
        try await work("take", archive, [id])
    }

    // MARK: - The work

    private func work(_ verb: String, _ input: Download, _ arguments: [String]) async throws {
        let said = LastLines()
        do {
            try await area.run(verb, input, arguments) { line in
                said.add(line)
                progress(PodmanEngine.shortened(line))
            }
        } catch let failure as CommandFailure {
            if failure.reason == .exited(75) { throw failure }
            throw error(failure, said.lines)
        } catch {
            throw EngineError(error, action)
        }
    }

    private func error(_ failure: CommandFailure, _ lines: [String]) -> EngineError {
        if case .deadline(let limit) = failure.reason { return .timedOut(action, after: limit, silent: false) }
        // What Podman itself gives up, it says; what is killed says nothing.
        if lines.last?.hasPrefix("Error: ") == true {
            return EngineError(status: nil, said: lines.joined(separator: "\n"), action)
        }
        let limits = engine.configuration.buildLimits
        let said = (lines + [failure.tail]).filter { !$0.isEmpty }.joined(separator: " | ")
        return EngineError(
            .refused(status: nil), "cannot \(action): it was ended from outside\(said.isEmpty ? "" : ": \(said)")",
            hint: "a build may take \(limits.memory.rounded) of memory, \(limits.processes) processes, and with the "
                + "cache \(limits.disk.rounded) of disk, on which \(limits.free.rounded) have to stay free")
    }

    // MARK: - The result

    private func handOver(_ archive: String) async throws -> StoredImage {
        try await ImageLayout(archive: archive, action: action).check()
        let image = try await engine.loadFile(archive, action, progress)
        let parts = build.tag.split(separator: ":")
        try await engine.transport.call(
            Route(
                .post, "/images/\(Route.encoded(image.id))/tag",
                ["repo": parts.dropLast().joined(separator: ":"), "tag": String(parts.last ?? "")], action))
        guard let named = try await engine.image(build.tag, action), named.fullID == image.id else {
            throw EngineError(
                .malformed, "cannot \(action): the engine does not know what it was given", disposition: .transient)
        }
        return named.stored(digest: nil)
    }
}

/// The last lines that a program wrote.
private final class LastLines: Sendable {
    private let kept = Mutex<[String]>([])

    func add(_ line: String) { kept.withLock { $0 = $0.suffix(5) + [line] } }
    var lines: [String] { kept.withLock { $0 } }
}
