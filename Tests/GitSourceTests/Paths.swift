import Foundation

/// What the tests look at and break in a state directory.
enum Paths {
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    static func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }

    /// Overwrites a file, whatever its mode.
    static func write(_ bytes: Data, to path: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        try bytes.write(to: URL(filePath: path))
    }

    static func text(of path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
}
