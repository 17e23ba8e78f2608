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

    /// The first of `inputs` with marks without end on its first letter, as they are and as JSON may write them: Swift puts them in
    /// order in time by the square of their number, for each name that it looks up and each text that it compares.
    static func crowded(_ inputs: [[UInt8]]) -> [[UInt8]] {
        guard let input = inputs.first, let letter = input.firstIndex(where: isLetter) else { return [] }
        return [(marks: "\u{301}\u{323}", count: 4000), (#"\u0301\u0323"#, 1000)].map { marks, count in
            var crowded = input
            crowded.insert(contentsOf: String(repeating: marks, count: count).utf8, at: letter + 1)
            return crowded
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { Unicode.Scalar(byte).properties.isAlphabetic && byte < 0x80 }

    /// By name, so that a seed always means the same run.
    private static func files(at place: URL) throws -> [URL] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isDirectory) else { return [] }
        guard isDirectory.boolValue else { return [place] }
        return try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }
}
