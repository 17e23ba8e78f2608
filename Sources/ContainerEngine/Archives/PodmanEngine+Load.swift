internal import AsyncHTTPClient
internal import FoundationEssentials
public import Model
internal import NIOCore
internal import Processes

extension PodmanEngine {
    /// What is loaded is a copy of its own, which nobody else can write, and which goes, whatever happens.
    public func load(
        _ archive: ImageArchive, progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> StoredImage { try await loaded(archive, progress) }

    func loadedNames(_ answer: Answer, _ action: String) throws(EngineError) -> [String] {
        try answer.decoded(LoadAnswer.self, action).names
    }
}

extension EngineClient {
    func loaded(
        _ archive: ImageArchive, _ progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> StoredImage {
        let source = try ArchiveSource(archive.url)
        let action = "load '\(source.shown)'"
        let download = try Download(directory: configuration.downloads, action: action)
        defer { download.remove() }
        let digest = try await fetch(source, to: download, action, progress)
        try digest.check(archive.sha256, of: source, action)
        do {
            return try await CheckedLoad(engine: self, archive: archive, action: action).run {
                try await loadedNames(of: download.path, action, progress)
            }
        } catch {
            throw EngineError(error, action)
        }
    }

    func loadFile(
        _ path: String, _ action: String, _ progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> StoredImage {
        try await only(try await loadedNames(of: path, action, progress), action)
    }

    /// Of the images that the engine found in the file.
    private func loadedNames(
        of path: String, _ action: String, _ progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> [String] {
        progress("loading")
        let (limit, reserve) = (configuration.transferDeadline, configuration.reserve)
        return try await Deadline.run(limit, reserve: reserve, action) { [self] _ in
            // Podman 4.3 says that it takes gzip and then cannot read it; zstd it does take.
            let program = ArchiveDigest.isGzip(path) ? "gzip" : "cat"
            return try await reader(program, path).stream { [self] output in
                var route = Route(.post, "/images/load", action)
                route.content = .tar(.stream(ByteBuffers(base: output), length: .unknown))
                let answer = try await transport.call(route, deadline: configuration.transferDeadline)
                return try loadedNames(answer, action)
            }
        }
    }

    func reader(_ program: String, _ path: String) throws -> Command {
        guard let executable = Command.find(program) else { throw missing(program) }
        let arguments = program == "gzip" ? ["-dc", "--", path] : ["--", path]
        return Command(executable, arguments, deadline: configuration.transferDeadline)
    }

    func missing(_ program: String) -> EngineError {
        EngineError(.refused(status: nil), "cannot find '\(program)'", hint: "install it: 'apt-get install \(program)'")
    }

    /// An archive of two images does not say which one is meant.
    private func only(_ names: [String], _ action: String) async throws(EngineError) -> StoredImage {
        var images: [ImageAnswer] = []
        for name in names {
            // `podman load` says `sha256:…` for an image without a name.
            guard let image = try await image(name, action) else { continue }
            if !images.contains(where: { $0.id == image.id }) { images.append(image) }
        }
        guard let image = images.first, images.count == 1 else {
            throw EngineError(
                .refused(status: nil), "cannot \(action): it holds \(images.count) images, not one",
                hint: "save one image per archive: 'podman save -o FILE IMAGE'")
        }
        return image.stored(digest: nil)
    }
}

/// A program's output as an HTTP client sends it.
struct ByteBuffers<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable where Base.Element == [UInt8] {
    let base: Base

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator

        mutating func next() async throws -> ByteBuffer? { try await base.next().map { ByteBuffer(bytes: $0) } }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: base.makeAsyncIterator()) }
}
