internal import Foundation

/// The `fairlead` that was built with the tests.
public enum FairleadBinary {
    /// Beside the program that runs the tests.
    public static let path: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "fairlead").path
    }()
}
