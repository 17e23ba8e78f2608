internal import AsyncHTTPClient
internal import Crypto
internal import FoundationEssentials
public import Planning
internal import Processes

extension PodmanEngine {
    /// The same content gives the same build context, whatever the dates of the files, so that layers are reused.
    public func build(
        directory: String, tag: String, labels: [String: String], progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> StoredImage {
        let action = "build '\(tag)'"
        let recipe = try recipe(in: directory, action)
        let query: KeyValuePairs = [
            "dockerfile": recipe, "t": tag, "labels": Self.json(labels), "layers": "true", "rm": "true",
            "forcerm": "true",
        ]
        let route = Route(.post, "/build", query, action)
        do {
            let date = try await contentDate(of: directory)
            try await context(of: directory, date: date).stream { [transport] output in
                var route = route
                route.content = .tar(.stream(ByteBuffers(base: output), length: .unknown))
                try await transport.lines(route) { try await Self.follow($0, action, progress) }
            }
        } catch {
            throw EngineError(error, action)
        }
        guard let image = try await image(tag, action) else {
            throw EngineError(
                .malformed, "cannot \(action): the engine does not know what it built", disposition: .transient)
        }
        return image.stored(digest: nil)
    }

    private func recipe(in directory: String, _ action: String) throws(EngineError) -> String {
        let names = ["Containerfile", "Dockerfile"]
        if let name = names.first(where: { FileManager.default.fileExists(atPath: "\(directory)/\($0)") }) {
            return name
        }
        throw EngineError(
            .refused(status: nil),
            "cannot \(action): there is neither 'Containerfile' nor 'Dockerfile' in its directory",
            hint: "add one; 'FROM …' is its first line")
    }

    /// The directory as an archive in which only names, modes and content count.
    private func context(of directory: String, date: Int) throws(EngineError) -> Command {
        guard let tar = Command.find("tar") else { throw missing("tar") }
        let fixed = ["--sort=name", "--numeric-owner", "--owner=0", "--group=0", "--format=gnu", "--mtime=@\(date)"]
        return Command(tar, fixed + ["-C", directory, "-cf", "-", "."], deadline: configuration.transferDeadline)
    }

    /// A date that follows from the content. One date for all builds would give a changed page of the same length the
    /// same `ETag`, and browsers would keep showing the old one.
    private func contentDate(of directory: String) async throws -> Int {
        try await context(of: directory, date: 0).stream { output in
            var hash = SHA256()
            for try await piece in output { hash.update(data: piece) }
            let seed = hash.finalize().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            return 1_000_000_000 + seed % 500_000_000
        }
    }

    private static func follow(
        _ lines: AnswerLines, _ action: String, _ progress: @Sendable (String) -> Void
    ) async throws {
        var last: [String] = []
        for try await line in lines {
            let line = try JSONDecoder().decode(ProgressLine.self, from: Data(line))
            if let problem = line.error {
                let said = (last.suffix(5) + [problem]).joined(separator: "\n")
                throw EngineError(status: nil, said: said, action)
            }
            guard let text = line.stream.map(shortened), !text.isEmpty else { continue }
            last = last.suffix(9) + [text]
            progress(text)
        }
    }

    private static func json(_ labels: [String: String]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: (try? encoder.encode(labels)) ?? Data("{}".utf8), as: UTF8.self)
    }
}
