internal import FoundationEssentials
internal import Model
internal import Processes

/// An archive of one image, from where nobody is trusted: it must hold nothing but that image, and no name.
///
/// With a name of its own, or a second format beside the first, a load would put it in the place of another image.
struct ImageLayout: Sendable {
    let archive: String
    let action: String

    func check() async throws {
        let listing = try await tar(["-tv", "--numeric-owner", "--quoting-style=escape"])
        if let entry = Self.stranger(in: listing) { throw refusal("it holds '\(entry)'") }
        guard let names = Self.names(in: Data(try await tar(["-xO"], "index.json").utf8)) else {
            throw refusal("its index cannot be read, or is of several images")
        }
        if let name = names.first { throw refusal("it names itself '\(name)'") }
    }

    private func tar(_ options: [String], _ entries: String...) async throws -> String {
        guard let tar = Command.find("tar") else { throw EngineError(.refused(status: nil), "cannot find 'tar'") }
        let command = Command(tar, options + ["--file", archive, "--"] + entries, deadline: .seconds(600))
        return try await command.run().text
    }

    private func refusal(_ why: String) -> EngineError {
        EngineError(
            .refused(status: nil), "cannot \(action): what was built is no plain archive of one image: \(why)",
            hint: "look at what its 'Containerfile' does to the build")
    }

    /// The first line of a listing that an image's archive does not have.
    static func stranger(in listing: String) -> String? {
        let directory = #/d\S+ +\S+ +\d+ \S+ \S+ blobs\/(?:sha256\/)?/#
        let file = #/-\S+ +\S+ +\d+ \S+ \S+ (?:oci-layout|index\.json|blobs\/sha256\/[0-9a-f]{64})/#
        return listing.split(separator: "\n")
            .first { $0.wholeMatch(of: directory) == nil && $0.wholeMatch(of: file) == nil }.map(String.init)
    }

    /// The names that an index gives to its image; `nil` when it is not of one image.
    static func names(in index: Data) -> [String]? {
        guard let index = try? JSONDecoder().decode(Index.self, from: Data(Array(index).withoutCrowds)),
            index.manifests.count == 1
        else {
            return nil
        }
        return index.manifests.flatMap { ($0.annotations ?? [:]).filter { $0.key.contains("name") }.values.sorted() }
    }

    private struct Index: Decodable {
        struct Manifest: Decodable {
            let annotations: [String: String]?
        }

        let manifests: [Manifest]
    }
}
