// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// verifier is a note.Verifier of timestamped cosignatures; check gets the time, the text and the
// signature that follows the time.
type verifier struct {
	name  string
	hash  uint32
	check func(time uint64, text, sig []byte) bool
}

func (v *verifier) Name() string    { return v.name }
func (v *verifier) KeyHash() uint32 { return v.hash }
func (v *verifier) Verify(text, sig []byte) bool {
	if len(sig) < 8 {
		return false
	}
	time := binary.BigEndian.Uint64(sig)
	return time <= math.MaxInt64 && v.check(time, text, sig[8:])
}

func newVerifier(key string) (note.Verifier, error) {
	parts := strings.SplitN(key, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("malformed verifier key")
	}
	material, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(material) == 0 {
		return nil, errors.New("malformed verifier key")
	}
	name, public := parts[0], material[1:]
	sum := sha256.Sum256([]byte(name + "\n" + string(material)))
	v := &verifier{name: name, hash: binary.BigEndian.Uint32(sum[:])}
	if fmt.Sprintf("%08x", v.hash) != parts[1] {
		return nil, errors.New("invalid verifier hash")
	}
	switch material[0] {
	case 4:
		v.check = func(time uint64, text, sig []byte) bool {
			message := append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", time)), text...)
			return len(public) == ed25519.PublicKeySize && ed25519.Verify(public, message, sig)
		}
	case 6:
		v.check, err = newSubtreeCheck(name, public)
	default:
		return note.NewVerifier(key)
	}
	return v, err
}
