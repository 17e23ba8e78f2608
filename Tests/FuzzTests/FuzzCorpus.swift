import Foundation

/// The inputs that a run begins with: what people write, and what once broke something.
enum FuzzCorpus {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    private static let repository = directory.deletingLastPathComponent().deletingLastPathComponent()

    static func inputs(of target: FuzzTarget) throws -> [[UInt8]] {
        let own = directory.appending(path: "Corpus/\(target.name)")
        let places = [own] + target.more.map { repository.appending(path: $0) }
        let inputs = try places.flatMap(files).map { Array(try Data(contentsOf: $0)) } + target.made()
        guard !inputs.isEmpty else { throw FuzzFault("target '\(target.name)' has no corpus") }
        return inputs
    }

    /// By name, so that a seed always means the same run.
    private static func files(at place: URL) throws -> [URL] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isDirectory) else { return [] }
        guard isDirectory.boolValue else { return [place] }
        return try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }
}
