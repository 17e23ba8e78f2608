internal import Foundation

extension PodmanSandbox {
    /// Takes the busybox out of every layer that has one, as a failing disk might; the images stay listed.
    public func damageImages() throws {
        let layers = "\(root)/graph/overlay"
        for layer in try FileManager.default.contentsOfDirectory(atPath: layers) {
            let program = "\(layers)/\(layer)/diff/bin/busybox"
            guard FileManager.default.fileExists(atPath: program) else { continue }
            try FileManager.default.removeItem(atPath: program)
        }
    }
}
