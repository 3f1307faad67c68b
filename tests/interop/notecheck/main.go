// SPDX-License-Identifier: Apache-2.0

// Notecheck opens signed notes with Go's golang.org/x/mod/sumdb/note.
//
// Each line of its input is a JSON object with "keys" (verifier keys) and "note" (base64). Each line
// of its output says what Go made of it: "text" and "names" of the verified signatures, or "error".
// Keys of a cosignature type are verified as C2SP tlog-cosignature says, on Go's own primitives.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"os"

	"golang.org/x/mod/sumdb/note"
)

type request struct {
	Keys []string `json:"keys"`
	Note string   `json:"note"`
}

type answer struct {
	Text  string   `json:"text"`
	Names []string `json:"names"`
	Error string   `json:"error"`
}

func open(r request) (*note.Note, error) {
	var verifiers []note.Verifier
	for _, key := range r.Keys {
		verifier, err := newVerifier(key)
		if err != nil {
			return nil, err
		}
		verifiers = append(verifiers, verifier)
	}
	data, err := base64.StdEncoding.DecodeString(r.Note)
	if err != nil {
		return nil, err
	}
	return note.Open(data, note.VerifierList(verifiers...))
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			panic(err)
		}
		var a answer
		if opened, err := open(r); err != nil {
			a.Error = err.Error()
		} else {
			a.Text = opened.Text
			for _, sig := range opened.Sigs {
				a.Names = append(a.Names, sig.Name)
			}
		}
		if err := out.Encode(a); err != nil {
			panic(err)
		}
	}
	if err := lines.Err(); err != nil {
		panic(err)
	}
}
